// What the containers of docker-compose.yml may do, as the Docker daemon itself reports it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkout } from './checkout.ts';
import { SERVICES } from './contract.ts';
import { eventually } from './eventually.ts';

interface Container {
  Id: string;
  Config: { User: string; Labels: Record<string, string> };
  State: { Status: string; ExitCode: number; Health?: { Status: string } };
  HostConfig: {
    ReadonlyRootfs: boolean;
    CapDrop: string[];
    CapAdd: string[] | null;
    SecurityOpt: string[];
    Memory: number;
    PidsLimit: number;
    Privileged: boolean;
  };
  NetworkSettings: { Ports: Record<string, { HostIp: string }[] | null> };
}

const run = promisify(execFile);
const project = process.env['COMPOSE_PROJECT_NAME'] ?? 'longpole-engines';

async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args)).stdout.trim();
}

async function inspect(ids: string[]): Promise<Container[]> {
  return JSON.parse(await docker('inspect', ...ids)) as Container[];
}

describe('the containers', () => {
  const byService = new Map<string, Container>();
  const of = (service: string): Container => byService.get(service) as Container;

  beforeAll(async () => {
    const ids = await docker('ps', '-q', '--filter', `label=com.docker.compose.project=${project}`);
    for (const container of await inspect(ids.split('\n'))) {
      byService.set(container.Config.Labels['com.docker.compose.service'] ?? '', container);
    }
  });

  it('are the five services, the Collector and Jaeger', () => {
    expect([...byService.keys()].sort()).toEqual([...SERVICES, 'collector', 'jaeger'].sort());
  });

  it('have no more rights than they need', () => {
    for (const [service, { HostConfig, Config }] of byService) {
      expect({ service, user: Config.User, ...HostConfig }).toMatchObject({
        user: SERVICES.includes(service) ? 'node' : expect.stringMatching(/^10001/),
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        CapAdd: null,
        SecurityOpt: ['no-new-privileges:true'],
      });
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    }
  });

  it('are reached from this machine only, at three ports', () => {
    const published = [...byService.values()].flatMap(({ NetworkSettings }) =>
      Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) =>
        (bindings ?? []).map(({ HostIp }) => `${HostIp} ${port}`),
      ),
    );
    expect(published.sort()).toEqual(['127.0.0.1 16686/tcp', '127.0.0.1 4318/tcp', '127.0.0.1 8080/tcp']);
  });

  it('stop cleanly, are missed with a clear answer, and come back', async () => {
    const { Id } = of('payment');
    await docker('stop', '--time', '8', Id);
    const [stopped] = await inspect([Id]);
    expect(stopped?.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(await checkout()).toMatchObject({ status: 503, body: { title: expect.any(String) } });
    await docker('start', Id);
    await eventually('payment to be healthy again', async () =>
      (await inspect([Id]))[0]?.State.Health?.Status === 'healthy' ? true : undefined,
    );
    expect((await checkout()).status).toBe(201);
  });
});
