// Jest for the engine test: only of use while docker-compose.yml is up, which .ci/engines/run.sh sees to.
import type { Config } from 'jest';
import house from '../../jest.config.ts';

const config: Config = {
  ...house,
  rootDir: '../..',
  roots: ['<rootDir>/test/engines'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/engines/sources/'],
  testTimeout: 90_000,
  maxWorkers: 1,
};

export default config;
