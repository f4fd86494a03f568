export default {
  registerTitle: 'Open your account',
  registerLead: 'You have been invited. The link that brought you here works once.',
  openLead: 'Choose how you sign in.',
  email: 'E-mail',
  firstPassword: 'Password, at least 8 characters',
  newPassword: 'New password, at least 8 characters',
  register: 'Open the account',
  registering: 'Setting up your account…',
  invitationSpent:
    'This invitation was used, revoked, or is too old. Ask whoever invited you for another, or sign in.',
  invitationForAnother:
    'This invitation is for another e-mail address. Use the one it was sent to, or ask for another.',
  registrationClosed:
    'Accounts are opened here by invitation alone. Ask the owner of this Scriptorium for one.',
  resetTitle: 'Choose a new password',
  resetLead: 'You are signed out everywhere else. Your API keys stay as they are.',
  reset: 'Set the password',
  resetting: 'Setting the password…',
  linkSpent:
    'This link was used, is older than a day, or was replaced by a newer one. Ask an administrator for another.',
  toSignIn: 'To the sign-in',
  claimTitle: 'This Scriptorium has no owner yet',
  claimLead: 'Choose how you sign in. The link that brought you here works once.',
  claim: 'Become the owner',
  claiming: 'Setting up your account…',
  claimSpent:
    'This link was used, is older than a day, or somebody is the owner already. Start the server again to get a new one, or sign in.',
} as const;
