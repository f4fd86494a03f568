const LABEL = /^Pages? (?<from>\d+)(?:–(?<to>\d+))?$/u;

/** The pages that the server's label of a part names, such as “61–75”; undefined for a label of another form. */
export function pagesOf(label: string | undefined): string | undefined {
  const { from, to } = LABEL.exec(label ?? '')?.groups ?? {};
  return to === undefined ? from : `${from}–${to}`;
}
