// A list of people in an order that can be changed: whoever leads next, whoever goes into a room each. A choice adds
// somebody at the end; each row has buttons to go up and down and out.
import { byId, element, keyedList, setOptions, setText, show } from "./dom.js";
import { nameOf } from "./picture.js";

/**
 * The list with this id, and with "-add" behind it the row of a select ("-person") and a button ("-go") beneath it.
 * `change(order, button)` is given each wished order; what is shown is what the result was given last: `(picture, order,
 * candidates, mayChange)`, candidates as `[person, name]`.
 */
export function peopleList(id, change) {
  let shown = [];
  const rows = keyedList(byId(id), (item) => createRow(item, () => shown, change), updateRow);
  const [select, add] = [byId(`${id}-person`), byId(`${id}-go`)];
  add.addEventListener("click", () => select.value !== "" && change([...shown, select.value], add));
  return (picture, order, candidates, mayChange) => {
    shown = order;
    rows(order.map((person, index) => rowItem(picture, order, index, mayChange)));
    show(byId(`${id}-add`), mayChange);
    setOptions(select, [["", "Choose a person"], ...candidates.filter(([person]) => !order.includes(person))]);
  };
}

function rowItem(picture, order, index, mayChange) {
  const name = nameOf(picture, order[index]);
  const last = index === order.length - 1;
  return { key: order[index], name, index, last, mayChange, stamp: `${name}/${index}/${last}/${mayChange}` };
}

function createRow({ key }, shown, change) {
  const button = (text, wish) => {
    const node = element("button", { type: "button", class: "small" }, text);
    node.addEventListener("click", () => change(wish(shown(), shown().indexOf(key)), node));
    return node;
  };
  const swap = (order, index, other) => {
    const next = [...order];
    [next[index], next[other]] = [order[other], order[index]];
    return next;
  };
  return element(
    "li",
    {},
    element("bdi"),
    button("Earlier", (order, index) => (index > 0 ? swap(order, index, index - 1) : order)),
    button("Later", (order, index) => (index < order.length - 1 ? swap(order, index, index + 1) : order)),
    button("Remove", (order) => order.filter((person) => person !== key)),
  );
}

function updateRow(row, { name, index, last, mayChange }) {
  const [label, up, down, out] = row.children;
  setText(label, name);
  show(up, mayChange && index > 0);
  show(down, mayChange && !last);
  show(out, mayChange);
  up.setAttribute("aria-label", `${name} earlier`);
  down.setAttribute("aria-label", `${name} later`);
  out.setAttribute("aria-label", `Remove ${name} from the order`);
}
