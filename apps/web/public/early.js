// Runs before the first paint, so that a dark room stays dark: the theme is on the page before any style is.
// zod compiles its checks with `new Function`, which the page's policy forbids; this makes it not even try.
globalThis.__zod_globalConfig = { jitless: true };

/** What the person chose; a browser that keeps nothing for this page says so by throwing. */
function keptTheme() {
  try {
    return localStorage.getItem('scriptorium.theme');
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

const theme = keptTheme() ?? 'auto';
const isDark =
  theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
const { dataset } = document.documentElement;
dataset.paper = isDark ? 'dark' : theme === 'sepia' ? 'sepia' : 'light';
dataset.mantineColorScheme = isDark ? 'dark' : 'light';
