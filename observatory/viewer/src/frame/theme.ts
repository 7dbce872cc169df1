// Light, dark, or as the system has it; the choice is kept in the browser.
import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'longpole-theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

function stored(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function keep(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch (error) {
    console.debug('The browser keeps no settings for this page.', error);
  }
}

/** The theme, and a function that goes on to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(stored);
  const change = (): void => {
    const next = NEXT[theme];
    if (next === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = next;
    keep(next);
    setTheme(next);
  };
  return [theme, change];
}
