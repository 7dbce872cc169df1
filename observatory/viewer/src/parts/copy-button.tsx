// A button that copies a text and says that it did.
import { type ReactNode, useState } from 'react';

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser does not allow it');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()} onBlur={() => setSaid('')}>
        {label}
      </button>
      <span role="status" className="quiet">
        {said === '' ? '' : ` ${said}`}
      </span>
    </>
  );
}
