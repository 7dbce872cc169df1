// The frame: name, navigation, theme, and the page that the address names.
import { Component, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { fetchWelcome } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/link.tsx';
import { usePlace } from '../routing/location.ts';
import { findPage, PAGES } from './pages.ts';
import { useTheme } from './theme.ts';

/** Says what went wrong instead of leaving an empty page. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="notice bad" role="alert">
        <p>This page failed: {this.state.error.message}</p>
        <button type="button" onClick={() => window.location.reload()}>
          Load it again
        </button>
      </div>
    );
  }
}

function Navigation({ path }: { readonly path: string }): ReactNode {
  const hasDemo = useLoaded('welcome', fetchWelcome).value?.hasDemo === true;
  return (
    <nav aria-label="Pages">
      {PAGES.filter((page) => page.name !== undefined && (hasDemo || !page.onlyInDemo)).map((page) => (
        <Link key={page.path} to={page.path} aria-current={page.path === path ? 'page' : undefined}>
          {page.name}
        </Link>
      ))}
    </nav>
  );
}

function ThemeButton(): ReactNode {
  const [theme, change] = useTheme();
  return (
    <button type="button" onClick={change}>
      Colours: {theme}
    </button>
  );
}

function Unknown({ path }: { readonly path: string }): ReactNode {
  return (
    <>
      <h1>There is no page {path}</h1>
      <p>
        <Link to="/">All traces</Link>
      </p>
    </>
  );
}

/** Names the page in the window's title, and moves the focus to it when it is another one than before. */
function useArrival(path: string, name: string | undefined): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Longpole`;
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, name]);
  return main;
}

export function App(): ReactNode {
  const { path } = usePlace();
  const found = findPage(path);
  const main = useArrival(path, found === undefined ? 'No such page' : found.page.name);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          Longpole
        </Link>
        <Navigation path={path} />
        <ThemeButton />
      </header>
      <main className="page" id="main" tabIndex={-1} ref={main}>
        <Guard key={path}>
          {found === undefined ? <Unknown path={path} /> : <found.page.component id={found.id} />}
        </Guard>
      </main>
    </>
  );
}
