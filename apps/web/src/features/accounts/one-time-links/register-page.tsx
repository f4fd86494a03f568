import { RegisterForm } from './register-form.tsx';

/** Where the operator has opened registration. */
export function RegisterPage() {
  return <RegisterForm />;
}
