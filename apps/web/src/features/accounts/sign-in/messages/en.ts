export default {
  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  signingIn: 'Signing in…',
  wrongCredentials: 'No account has this e-mail and this password. Check both and try again.',
  noOwnerYet:
    'At its first start the server prints a one-time link for whoever becomes the owner. Everybody else is invited by the owner.',
  specimen:
    'In every book there are rooms that nobody has drawn. The tower stood above the mist, its windows lit one by one, and below it the river carried the last boats home. Here they are found, one by one, and set in the margin beside the words that made them.',
  specimenPlace: 'The tower stood above the mist',
  specimenGloss: 'place',
  specimenMood: 'its windows lit one by one',
  specimenMoodGloss: 'atmosphere',
} as const;
