// The few things every view needs of the document. Text from people enters it by textContent alone.

/** The element of index.html with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element; `attributes` are set as attributes (functions as listeners), `children` appended, strings as text. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Sets text only when it differs: screen readers and the layout hear of real changes only. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A number beside a button, with a word for those who hear it; nothing at zero. */
export function setCount(node, count, word) {
  show(node, count > 0);
  if (node.dataset.count === String(count)) return;
  node.dataset.count = String(count);
  node.replaceChildren(String(count), element("span", { class: "unseen" }, ` ${word}`));
}

/** Shows or hides. */
export function show(node, visible) {
  if (node.hidden === Boolean(visible)) node.hidden = !visible;
}

/** Adds or removes an attribute with a value; null removes. */
export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * A list whose rows stay where they are: `create(item)` makes a row's element once, `update(node, item)` runs only when
 * the item's `stamp` changed, and only rows that are out of place are moved. Items are `{key, stamp, …}`. The keyboard
 * keeps its place: in a row that moves, and near one that goes.
 */
export function keyedList(parent, create, update = () => {}) {
  const rows = new Map();
  return (items) => {
    const focused = parent.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, row] of rows) {
      if (wanted.has(key)) continue;
      row.node.remove();
      rows.delete(key);
    }
    let place = parent.firstElementChild;
    for (const item of items) {
      let row = rows.get(item.key);
      if (row === undefined) {
        row = { node: create(item), stamp: undefined };
        rows.set(item.key, row);
      }
      if (row.stamp !== item.stamp) {
        row.stamp = item.stamp;
        update(row.node, item);
      }
      if (row.node === place) place = place.nextElementSibling;
      else parent.insertBefore(row.node, place);
    }
    if (focused !== null) keepFocus(focused, parent);
  };
}

function keepFocus(focused, list) {
  const first = (place) => place?.querySelector("button:not([hidden], [tabindex='-1'])");
  if (focused.isConnected && focused.closest("[hidden]") === null) {
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    return;
  }
  const near = focused.isConnected ? first(focused.parentElement) : (first(list) ?? list.closest("section"));
  near?.focus({ preventScroll: true });
}

/** The choices of a select, changed only where they differ, so that an open list does not close under the finger. */
export function setOptions(select, options) {
  const stamp = JSON.stringify(options);
  if (select.dataset.stamp === stamp) return;
  select.dataset.stamp = stamp;
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => element("option", { value }, label)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}
