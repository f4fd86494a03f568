/** Text with what was searched for marked in it. */
export function Marked({ text, needle }: { readonly text: string; readonly needle: string }) {
  const wanted = needle.toLocaleLowerCase();
  const folded = text.toLocaleLowerCase();
  // Some letters change their length with their case; a place in the folded text then means nothing in the other.
  if (wanted === '' || folded.length !== text.length) return text;
  const pieces: React.ReactNode[] = [];
  let from = 0;
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, from)) {
    pieces.push(text.slice(from, at));
    from = at + wanted.length;
    pieces.push(<mark key={at}>{text.slice(at, from)}</mark>);
  }
  pieces.push(text.slice(from));
  return <>{pieces}</>;
}
