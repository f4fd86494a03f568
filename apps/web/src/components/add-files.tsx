import { Button, FileButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './add-files.module.css';

interface AddFilesProps {
  /** What the dialog of the device offers, as `accept` of an input has it. */
  readonly accept: string;
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
}

/** The primary action above a list of documents; `hint` tells that files may be dropped as well. */
export function AddFiles({ hint, ...choice }: AddFilesProps & { readonly hint: string }) {
  return (
    <div className={classes['add']}>
      <ChooseFiles {...choice} />
      <span className={classes['hint']}>{hint}</span>
    </div>
  );
}

/** Where there are no documents yet: the sample first, which `children` adds, and files of one's own beside it. */
export function AddFirst({
  children,
  ...choice
}: AddFilesProps & { readonly children: ReactNode }) {
  return (
    <div className={classes['first']}>
      {children}
      <ChooseFiles {...choice} isSecond />
    </div>
  );
}

function ChooseFiles({
  accept,
  label,
  onFiles,
  isSecond = false,
}: AddFilesProps & { readonly isSecond?: boolean }) {
  return (
    <FileButton multiple accept={accept} onChange={onFiles}>
      {(props) => (
        <Button variant={isSecond ? 'default' : 'filled'} {...props}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}
