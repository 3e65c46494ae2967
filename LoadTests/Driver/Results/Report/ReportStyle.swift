/// The report's style sheet: light by default, dark when the device says so, and fit for paper.
///
/// Every pair of text and ground has a contrast of 4.5 or more. There is one accent, for what was measured; the
/// verdict's colours are the only others.
let reportStyle = """
    :root {
      color-scheme: light dark;
      --ground: #fbfaf8; --ink: #1d2329; --muted: #59626c; --line: #dedad2; --foot: #8b8f94;
      --accent: #1f5f8b; --soft: rgba(31, 95, 139, 0.13);
      --good: #23693f; --bad: #a32020; --odd: #7a5200;
      --good-ground: #e7f2eb; --bad-ground: #fbe9e7; --odd-ground: #fbf0d5;
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14181c; --ink: #e7eaed; --muted: #a8b1bb; --line: #2f373f; --foot: #77828d;
        --accent: #8cc4ea; --soft: rgba(140, 196, 234, 0.16);
        --good: #8edcab; --bad: #ffa59c; --odd: #f5cf7a;
        --good-ground: #1a2d23; --bad-ground: #3a2020; --odd-ground: #352b14;
      }
    }
    * { box-sizing: border-box; }
    body { max-width: 76rem; margin: 0 auto; padding: 2rem 1rem 3rem; background: var(--ground); color: var(--ink);
      overflow-wrap: anywhere; }
    @media (min-width: 48rem) { body { padding: 4rem 2.5rem 5rem; } }
    p { margin: 0; max-width: 44rem; }
    a { color: var(--accent); }
    h1, h2, h3 { line-height: 1.2; margin: 0; font-weight: 650; letter-spacing: -0.01em; }
    h1 { font-size: 2.2rem; letter-spacing: -0.025em; }
    h2 { font-size: 1.3rem; }
    h3 { font-size: 1rem; }
    h3 small { font-weight: 400; font-size: 0.875rem; color: var(--muted); letter-spacing: 0; }
    code, pre { font: 0.8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    code { color: var(--muted); }
    .when { color: var(--muted); font-size: 0.875rem; margin-bottom: 0.3rem; }
    .about { color: var(--muted); }
    header .about { margin-top: 0.5rem; font-size: 1.05rem; }
    main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 3rem; }
    main > section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
    main > section + section { border-top: 1px solid var(--line); padding-top: 1.5rem; }
    footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.8125rem;
      color: var(--muted); }

    .verdict { --tone: var(--odd); --tone-ground: var(--odd-ground); margin: 2rem 0 3rem; padding: 1.25rem 1.5rem;
      border-left: 0.3rem solid var(--tone); border-radius: 0 0.5rem 0.5rem 0; background: var(--tone-ground); }
    .verdict.met { --tone: var(--good); --tone-ground: var(--good-ground); }
    .verdict.thresholdsNotMet { --tone: var(--bad); --tone-ground: var(--bad-ground); }
    .verdict .word { font-size: 1.75rem; line-height: 1.2; font-weight: 700; color: var(--tone);
      letter-spacing: -0.02em; margin-bottom: 0.4rem; }
    .is-met { color: var(--good); white-space: nowrap; }
    .is-not-met { color: var(--bad); font-weight: 650; white-space: nowrap; }
    .warnings { border-left: 0.3rem solid var(--odd); background: var(--odd-ground); margin: 0;
      padding: 0.75rem 1rem 0.75rem 2.25rem; border-radius: 0 0.5rem 0.5rem 0; }

    dl, dd { margin: 0; }
    .key-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); gap: 1.25rem; }
    .key-figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    .key-figures dt { color: var(--muted); font-size: 0.875rem; line-height: 1.35; }
    .key-figures dd { font-size: 1.75rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em;
      font-variant-numeric: tabular-nums; }
    .played { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr)); gap: 0.75rem 1.5rem; }
    .played dd { font-size: 0.9375rem; }
    .played dt { color: var(--muted); font-size: 0.8125rem; }

    .scroller { overflow: auto; }
    .plot .scroller { max-height: 28rem; }
    table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
    caption { text-align: start; color: var(--muted); font-size: 0.875rem; padding-bottom: 0.4rem; }
    th, td { padding: 0.35rem 0 0.35rem 1rem; text-align: end; font-weight: 400; vertical-align: baseline;
      border-top: 1px solid var(--line); white-space: nowrap; overflow-wrap: normal; }
    th:first-child { padding-left: 0; text-align: start; white-space: normal; min-width: 7rem; }
    thead th { position: sticky; top: 0; background: var(--ground); border-top: 0; color: var(--muted);
      font-size: 0.8125rem; }
    tbody tr:first-child > * { border-top-color: var(--foot); }
    .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.5rem 3rem;
      align-items: start; }
    .stack { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
    table.wide code { display: block; }
    table.wide td { white-space: normal; }

    details summary { cursor: pointer; color: var(--muted); font-size: 0.8125rem; width: fit-content; }
    details[open] summary { margin-bottom: 0.5rem; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
    .violation { display: grid; gap: 0.4rem; grid-template-columns: minmax(0, 1fr); margin-bottom: 1rem; }
    pre { margin: 0; padding: 0.6rem 0.9rem; border-left: 2px solid var(--foot); white-space: pre-wrap; }

    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: 2.5rem 3rem; }
    .plots.three { grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
    .plots > .wide { grid-column: 1 / -1; }
    .plot { margin: 0; min-width: 0; break-inside: avoid; display: flex; flex-direction: column; }
    figcaption { display: grid; gap: 0.2rem; flex-grow: 1; align-content: start; }
    figcaption .about { font-size: 0.875rem; }
    .legend, .signs, .marks ol { list-style: none; margin: 0; padding: 0; }
    .legend, .signs { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; font-size: 0.8125rem; color: var(--muted); }
    .key { width: 1.5rem; height: 0.5rem; margin-right: 0.4rem; vertical-align: middle; }
    .signs { margin-top: 0.2rem; padding-left: 4rem; }
    .signs b { color: var(--ink); font-weight: 600; }
    .plot details { margin-top: 0.4rem; padding-left: 4rem; }
    .plot details[open] { padding-left: 0; }
    .marks { display: grid; gap: 0.4rem; }
    .marks ol { counter-reset: mark; columns: 16rem; column-gap: 2rem; font-size: 0.9rem; }
    .marks li { counter-increment: mark; break-inside: avoid; }
    .marks li::before { content: counter(mark); display: inline-block; min-width: 1.6rem; font-weight: 600; }
    .marks time { color: var(--muted); font-variant-numeric: tabular-nums; }

    .canvas { position: relative; height: 13rem; margin: 1.75rem 0 1.6rem 4rem; }
    .small .canvas { height: 9rem; margin-top: 0.9rem; }
    .canvas > svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
    path { fill: none; vector-effect: non-scaling-stroke; stroke: var(--line); stroke-width: 1; }
    path.foot { stroke: var(--foot); }
    path.sign { stroke: var(--foot); stroke-dasharray: 1 3; }
    path.limit { stroke: var(--bad); stroke-dasharray: 6 4; }
    path.line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    path.plain { stroke: var(--ink); stroke-width: 1.25; }
    path.faint { stroke: var(--foot); stroke-width: 1.25; }
    path.area { fill: var(--soft); stroke: none; }
    .labels span { position: absolute; font-size: 0.75rem; line-height: 1; color: var(--muted); white-space: nowrap;
      font-variant-numeric: tabular-nums; }
    .labels .y { right: calc(100% + 0.5rem); transform: translateY(-50%); }
    .labels .x { top: calc(100% + 0.45rem); transform: translateX(-50%); }
    .labels .first { transform: none; }
    .labels .last { transform: translateX(-100%); }
    .labels .flag { bottom: calc(100% + 0.3rem); transform: translateX(-50%); color: var(--ink); font-weight: 600; }
    .labels .flag.last { transform: translateX(-100%); }
    .labels .limit-text { right: 0; transform: translateY(calc(-100% - 0.2rem)); color: var(--bad); }
    @media (max-width: 40rem) { .labels .minor { display: none; } h1 { font-size: 1.75rem; }
      table { font-size: 0.85rem; } th, td { padding-left: 0.5rem; }
      table.wide th:first-child { min-width: 5.5rem; } table.wide code { display: none; } }

    @media print {
      :root { color-scheme: light; --ground: #ffffff; --ink: #000000; --muted: #444444; --line: #cccccc;
        --foot: #777777; --accent: #1f5f8b; --soft: rgba(31, 95, 139, 0.13); --good: #23693f; --bad: #a32020;
        --odd: #7a5200; --good-ground: #ffffff; --bad-ground: #ffffff; --odd-ground: #ffffff; font-size: 10pt; }
      * { print-color-adjust: exact; }
      body { padding: 0; max-width: none; }
      .scroller { overflow: visible; max-height: none; }
      .plot details:not([open]) { display: none; }
      .violation, tr, .verdict { break-inside: avoid; }
    }

    """
