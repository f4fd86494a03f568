import { IconArrowLeft } from '@tabler/icons-react';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import classes from './back-link.module.css';

/** The way to the screen above this one, at the head of the page: `<BackLink to="/novels">All novels</BackLink>`. */
export const BackLink = createLink(BackAnchor);

function BackAnchor({
  children,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly ref?: Ref<HTMLAnchorElement> }) {
  return (
    <a {...rest} className={classes['back']} data-target>
      <IconArrowLeft size={16} aria-hidden="true" />
      {children}
    </a>
  );
}
