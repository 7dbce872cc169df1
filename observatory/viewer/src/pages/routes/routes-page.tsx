// Every route with its percentiles, what holds it up, and what its slow traces have in common.
import './routes.css';
import type { ReactNode } from 'react';
import { countText, percentText } from '../../../../src/trace/duration-text.ts';
import type { RouteView } from '../../../../src/view/index.ts';
import { fetchRoutes } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { Calls } from '../../parts/calls.tsx';
import { msText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { serviceStyle } from '../../parts/service-colour.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { SetFilters, setQuery } from '../../parts/set-filters.tsx';
import { SetNote } from '../../parts/set-note.tsx';
import { shown } from '../../parts/shown.ts';
import { Wide } from '../../parts/wide.tsx';
import { Link } from '../../routing/link.tsx';
import { usePlace } from '../../routing/location.ts';
import { DurationChart } from './duration-chart.tsx';
import { RouteFlame } from './route-flame.tsx';

const SHOWN_GROUPS = 8;

function Groups({ route }: { readonly route: RouteView }): ReactNode {
  return (
    <Wide label={`What the critical path of ${shown(route.operation)} is made of`}>
      <table className="groups">
        <caption className="hidden">What the critical path of {shown(route.operation)} is made of</caption>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            {['Share', 'at p50', 'at p95', 'at p99', 'Bottleneck of', 'Median'].map((title) => (
              <th key={title} scope="col" className="number">
                {title}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {route.groups.slice(0, SHOWN_GROUPS).map((group) => (
            <tr key={`${group.service} ${group.peer} ${group.kind} ${group.operation}`}>
              <th scope="row">
                <ServiceName service={group.service} /> {shown(group.operation, 80)}
                {group.peer === '' ? null : (
                  <>
                    {' → '}
                    <ServiceName service={group.peer} />
                  </>
                )}
                <Calls calls={group.calls} />
                {group.kind === 'own' ? '' : ` (${group.kind})`}
              </th>
              <td className="number">{percentText(group.share)}</td>
              <td className="number">{percentText(group.p50Share)}</td>
              <td className="number">{percentText(group.p95Share)}</td>
              <td className="number">{percentText(group.p99Share)}</td>
              <td className="number">{percentText(group.bottleneckShare)}</td>
              <td className="number">{msText(group.p50Ms)}</td>
              <td className="gauge" aria-hidden="true">
                <span style={serviceStyle(group.service, { width: `${group.share * 100}%` })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Slow({ route }: { readonly route: RouteView }): ReactNode {
  if (route.traits.length === 0)
    return <p className="quiet">{route.unjudged ?? 'Nothing tells the slow traces from the fast ones.'}</p>;
  return (
    <ul>
      {route.traits.map((trait) => (
        <li key={trait}>{shown(trait, 500)}</li>
      ))}
    </ul>
  );
}

function Route({ route }: { readonly route: RouteView }): ReactNode {
  const flame = setQuery(usePlace().query);
  flame.set('service', route.service);
  flame.set('operation', route.operation);
  const filters = new URLSearchParams({ service: route.service, operation: route.operation });
  return (
    <section className="route" aria-label={shown(route.operation)}>
      <h2>
        <ServiceName service={route.service} /> {shown(route.operation)}
      </h2>
      <p>
        <strong>{shown(route.sentence, 1_000)}</strong>
      </p>
      <p>
        {countText(route.count, 'trace')}, {countText(route.errors, 'failure')}; p50 {msText(route.p50Ms)},
        p95 {msText(route.p95Ms)}, p99 {msText(route.p99Ms)}, longest {msText(route.maxMs)}.{' '}
        <Link to={`/?${filters}`}>All of them</Link>, <Link to={`/trace/${route.median}`}>the median</Link>,{' '}
        <Link to={`/trace/${route.slowest}`}>the slowest</Link>.
      </p>
      <DurationChart route={route} />
      <Groups route={route} />
      <RouteFlame query={flame.toString()} />
      <h3>What the slow ones have in common</h3>
      <Slow route={route} />
    </section>
  );
}

export function RoutesPage(): ReactNode {
  const query = setQuery(usePlace().query);
  const { value, error, isLoading, reload } = useLoaded(`routes ${query}`, (signal) =>
    fetchRoutes(query, signal),
  );
  return (
    <>
      <h1>Routes</h1>
      <SetFilters reload={reload} />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {isLoading ? <Loading what="the routes" /> : null}
      {value === undefined ? null : (
        <>
          <SetNote set={value.set} />
          {value.routes.map((route) => (
            <Route key={`${route.service} ${route.operation}`} route={route} />
          ))}
        </>
      )}
    </>
  );
}
