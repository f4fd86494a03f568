import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode, RefObject } from 'react';
import classes from './search-bar.module.css';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
  /** For a shortcut that goes to the field. */
  readonly field: RefObject<HTMLInputElement | null>;
}

/** A field for words to find, as every list has one. */
export function SearchField({ label, value, onSearch, field }: SearchFieldProps) {
  return (
    <TextInput
      size="md"
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={value}
      onChange={(event) => onSearch(event.currentTarget.value)}
      className={classes['field'] ?? ''}
    />
  );
}

/** Above a list: what to find in it, and beside that how to filter and sort it. */
export function SearchBar({
  children,
  ...field
}: SearchFieldProps & { readonly children?: ReactNode }) {
  return (
    <div className={classes['bar']} role="search">
      <SearchField {...field} />
      {children}
    </div>
  );
}

/** In place of a list in which nothing fits, with the way out of the search. */
export function NothingFound({ children }: { readonly children: ReactNode }) {
  return <div className={classes['none']}>{children}</div>;
}
