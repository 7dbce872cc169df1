// A service: its colour and its name.
import type { ReactNode } from 'react';
import { serviceStyle } from './service-colour.ts';
import { shown } from './shown.ts';

export function ServiceName({ service }: { readonly service: string }): ReactNode {
  return (
    <span className="service" style={serviceStyle(service)}>
      <span className="swatch" aria-hidden="true" /> <bdi>{shown(service, 60)}</bdi>
    </span>
  );
}
