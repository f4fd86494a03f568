import { Button, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Mantine wants ten shades of a colour; ours come from the tokens, so all ten are the token. */
function token(name: string): MantineColorsTuple {
  const shade = `var(--${name})`;
  return [shade, shade, shade, shade, shade, shade, shade, shade, shade, shade];
}

/** Mantine's greys on light paper, from the faintest ground to ink: it chooses among them by number. */
const GREYS: MantineColorsTuple = [
  'var(--paper-sunken)',
  'var(--paper-sunken)',
  'var(--line)',
  'var(--line)',
  'var(--line-strong)',
  'var(--line-strong)',
  'var(--ink-soft)',
  'var(--ink-soft)',
  'var(--ink)',
  'var(--ink)',
];

/** Its greys on dark paper, from ink to the deepest ground. */
const DARKS: MantineColorsTuple = [
  'var(--ink)',
  'var(--ink-soft)',
  'var(--ink-soft)',
  'var(--ink-soft)',
  'var(--line-strong)',
  'var(--line)',
  'var(--paper-raised)',
  'var(--paper)',
  'var(--paper-sunken)',
  'var(--paper-sunken)',
];

/** The header of a dialog is an HTML header outside of any section: without this, a second banner of the page. */
const DIALOG = { attributes: { header: { role: 'none' } } };

/** Mantine on our tokens. What depends on the paper stands in tokens.css. */
export const theme = createTheme({
  primaryColor: 'rubric',
  // Its white is what stands on a full colour and, on light paper, the ground of fields.
  white: 'var(--on-accent)',
  black: 'var(--ink)',
  colors: {
    gray: GREYS,
    dark: DARKS,
    rubric: token('rubric'),
    lapis: token('lapis'),
    verdigris: token('verdigris'),
    gold: token('gold'),
    failed: token('failed'),
  },
  fontFamily: 'var(--font-interface)',
  headings: { fontFamily: 'var(--font-text)', fontWeight: '600' },
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  components: {
    Button: Button.extend({ defaultProps: { size: 'md' } }),
    Modal: { defaultProps: DIALOG },
    Drawer: { defaultProps: DIALOG },
  },
});
