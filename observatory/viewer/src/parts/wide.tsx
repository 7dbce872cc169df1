// What may be wider than the window scrolls by itself, also with the keyboard.
import type { ReactNode } from 'react';

interface WideProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Wide({ label, children }: WideProps): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <div className="wide" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
