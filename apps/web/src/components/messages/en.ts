export default {
  tryAgain: 'Try again',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied.',
  pressToCopy: 'Selected. This browser copies only by hand here: press Ctrl C.',
  unreachableTitle: 'The server does not answer',
  unreachableText:
    'What you see is kept. Check the network, or ask whether the server is running; then try again.',
  unexpectedTitle: 'This page met something it does not know',
  unexpectedText:
    'Nothing of yours is lost. Reload the page; if it happens again, tell the operator what stands below.',
  live: 'live',
  liveTitle: 'Every change is shown as it happens',
  reconnecting: 'reconnecting',
  reconnectingTitle: 'The connection was lost; it is being taken up where it broke off',
  polling: 'polling',
  pollingTitle:
    'The network lets no live connection through; the server is asked every few seconds',
} as const;
