export default {
  what: {
    one: '{count} sentence is done again ({pages}).',
    other: '{count} sentences are done again ({pages}).',
  },
  nothing: 'Everything it needs is stored already; only the result is put together.',
  leave: 'Not now',
  close: 'Close',
} as const;
