// Findings over the newest traces.
import type { ReactNode } from 'react';
import { fetchFindings } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { FindingList } from '../../parts/finding-list.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';
import { SetFilters, setQuery } from '../../parts/set-filters.tsx';
import { SetNote } from '../../parts/set-note.tsx';
import { usePlace } from '../../routing/location.ts';

export function FindingsPage(): ReactNode {
  const query = setQuery(usePlace().query);
  const { value, error, isLoading, reload } = useLoaded(`findings ${query}`, (signal) =>
    fetchFindings(query, signal),
  );
  return (
    <>
      <h1>Findings</h1>
      <SetFilters reload={reload} />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {isLoading ? <Loading what="the findings" /> : null}
      {value === undefined ? null : (
        <>
          <SetNote set={value.set} />
          <FindingList findings={value.findings} />
        </>
      )}
    </>
  );
}
