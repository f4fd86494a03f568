import { getRouteApi } from '@tanstack/react-router';
import { RegisterForm } from './register-form.tsx';

const route = getRouteApi('/invitation/$token');

/** Behind an invitation's link. */
export function InvitationPage() {
  const { token } = route.useParams();
  return <RegisterForm invitation={token} />;
}
