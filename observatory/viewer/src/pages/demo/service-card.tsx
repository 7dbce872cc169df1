// One service of the demo and what it can be made to do.
import type { ReactNode } from 'react';
import type { DemoService, FaultState } from '../../api/demo-client.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';

interface ServiceCardProps {
  readonly one: DemoService;
  set(service: string, state: Partial<FaultState>): void;
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  set(value: number): void;
}

function NumberField({ label, value, max, step, set }: NumberFieldProps): ReactNode {
  return (
    <label>
      {label}
      <br />
      <input
        key={value}
        type="number"
        min={0}
        max={max}
        step={step}
        defaultValue={value}
        onBlur={({ target }) => {
          const given = Number(target.value);
          if (target.value !== '' && given !== value && given >= 0 && given <= max) set(given);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | null;
  readonly names: readonly string[];
  set(value: string | null): void;
}

function Choice({ label, value, names, set }: ChoiceProps): ReactNode {
  if (names.length === 0) return null;
  return (
    <label>
      {label}
      <br />
      <select value={value ?? ''} onChange={({ target }) => set(target.value || null)}>
        <option value="">none</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

export function ServiceCard({ one, set }: ServiceCardProps): ReactNode {
  const { service, state, problem, mistakes, faults } = one;
  if (state === null) {
    return (
      <section className="notice bad" aria-label={service}>
        <h2>
          <ServiceName service={service} />
        </h2>
        <p>{shown(problem ?? 'It does not answer.', 500)}</p>
      </section>
    );
  }
  const change = (part: Partial<FaultState>): void => set(service, { ...state, ...part });
  return (
    <section className="notice" aria-label={service}>
      <h2>
        <ServiceName service={service} />
      </h2>
      <div className="row">
        <NumberField
          label="Latency (ms)"
          value={state.latencyMs}
          max={600_000}
          step={10}
          set={(latencyMs) => change({ latencyMs })}
        />
        <NumberField
          label="Failure rate"
          value={state.failureRate}
          max={1}
          step={0.05}
          set={(failureRate) => change({ failureRate })}
        />
        <Choice
          label="Mistake"
          value={state.mistake}
          names={mistakes}
          set={(mistake) => change({ mistake })}
        />
        <Choice label="Fault" value={state.fault} names={faults} set={(fault) => change({ fault })} />
        <button type="button" aria-pressed={state.hang} onClick={() => change({ hang: !state.hang })}>
          Hang
        </button>
        <button type="button" onClick={() => set(service, {})}>
          As it was
        </button>
      </div>
    </section>
  );
}
