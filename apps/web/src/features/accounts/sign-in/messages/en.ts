export default {
  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  signingIn: 'Signing in…',
  wrongCredentials: 'No account has this e-mail and this password. Check both and try again.',
  noOwnerYet:
    'At its first start the server prints a one-time link for whoever becomes the owner. Everybody else is invited by the owner.',
  claimTitle: 'This Scriptorium has no owner yet',
  claimLead: 'Choose how you sign in. The link that brought you here works once.',
  newPassword: 'Password, at least 8 characters',
  claim: 'Become the owner',
  claiming: 'Setting up your account…',
  claimSpent:
    'This link was used, is older than a day, or somebody is the owner already. Start the server again to get a new one, or sign in.',
  toSignIn: 'To the sign-in',
  specimen:
    'In every book there are rooms that nobody has drawn. The tower stood above the mist, its windows lit one by one, and below it the river carried the last boats home. Here they are found, one by one, and set in the margin beside the words that made them.',
  specimenPlace: 'The tower stood above the mist',
  specimenGloss: 'place',
  specimenMood: 'its windows lit one by one',
  specimenMoodGloss: 'atmosphere',
} as const;
