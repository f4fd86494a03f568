/** The smallest page of a result: what is said of the whole stands on every page. */
export function headInput(jobId: number) {
  return { params: { id: jobId }, query: { offset: 0, limit: 1 } };
}
