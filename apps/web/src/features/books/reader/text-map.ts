/** Where the characters of an element's text stand in its DOM. Offsets are UTF-16 code units of `textContent`. */
export interface TextMap {
  readonly length: number;
  /** Undefined where nothing is: an empty stretch, or one outside of the text. */
  range(start: number, end: number): Range | undefined;
  /** Of a place inside of the element; undefined for one outside. */
  offsetOf(node: Node, offset: number): number | undefined;
}

/** Valid until a text node of the element is split, joined or taken away: elements without text may come and go. */
export function mapText(root: Element): TextMap {
  const nodes: Text[] = [];
  const starts: number[] = [];
  let length = 0;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.data === '') continue;
    nodes.push(node);
    starts.push(length);
    length += node.data.length;
  }

  const nodeAt = (offset: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  return {
    length,
    range(start, end) {
      if (start < 0 || end > length || start >= end) return undefined;
      // The end belongs to the node of the last character, so that a range never leaks into the next paragraph.
      const [first, last] = [nodeAt(start), nodeAt(end - 1)];
      const [from, to] = [nodes[first], nodes[last]];
      if (from === undefined || to === undefined) return undefined;
      const range = document.createRange();
      range.setStart(from, start - (starts[first] ?? 0));
      range.setEnd(to, end - (starts[last] ?? 0));
      return range;
    },
    offsetOf(node, offset) {
      if (!root.contains(node)) return undefined;
      const before = document.createRange();
      before.setStart(root, 0);
      before.setEnd(node, offset);
      return before.toString().length;
    },
  };
}
