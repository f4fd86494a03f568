const SAMPLE = new URL(
  '../../../../../../samples/out/l-horloge-de-brumeville.fr.pdf',
  import.meta.url,
);

/** The sample: a French story of a dozen pages, as learners of the language read it. */
export async function fetchSampleNovel(): Promise<File> {
  const answer = await fetch(SAMPLE);
  return new File([await answer.blob()], 'l-horloge-de-brumeville.pdf', {
    type: 'application/pdf',
  });
}
