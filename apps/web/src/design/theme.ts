import { Button, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Mantine wants ten shades of a colour; ours come from the tokens, so all ten are the token. */
function token(name: string): MantineColorsTuple {
  const shade = `var(--${name})`;
  return [shade, shade, shade, shade, shade, shade, shade, shade, shade, shade];
}

/** Mantine on our tokens. What depends on the paper stands in tokens.css. */
export const theme = createTheme({
  primaryColor: 'rubric',
  colors: {
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
  components: { Button: Button.extend({ defaultProps: { size: 'md' } }) },
});
