// Attributes as a table; everything in it is text, and only http addresses become links.
import { type ReactNode, useState } from 'react';
import { shown } from '../../parts/shown.ts';

const CUT = 500;
const WHOLE = 100_000;

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function Value({ value }: { readonly value: string }): ReactNode {
  const [isWhole, setWhole] = useState(false);
  if (isWebAddress(value) && value.length <= CUT) {
    return (
      <a href={value} rel="noreferrer noopener" target="_blank">
        {shown(value)}
      </a>
    );
  }
  return (
    <>
      <bdi>{value === '' ? '(empty)' : shown(value, isWhole ? WHOLE : CUT)}</bdi>
      {value.length > CUT && !isWhole ? (
        <button type="button" onClick={() => setWhole(true)}>
          all {value.length} characters
        </button>
      ) : null}
    </>
  );
}

interface AttributeTableProps {
  readonly label: string;
  readonly attributes: readonly (readonly [string, string])[];
}

export function AttributeTable({ label, attributes }: AttributeTableProps): ReactNode {
  if (attributes.length === 0) return <p className="quiet">none</p>;
  return (
    <table aria-label={label} className="attributes">
      <tbody>
        {attributes.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">
              <bdi>{shown(key, 120)}</bdi>
            </th>
            <td>
              <Value value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
