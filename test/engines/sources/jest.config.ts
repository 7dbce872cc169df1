// Jest for the test of the sources: it starts the engines itself, from what .ci/engines/sources.sh has built.
import type { Config } from 'jest';
import house from '../../../jest.config.ts';

const config: Config = {
  ...house,
  rootDir: '../../..',
  roots: ['<rootDir>/test/engines/sources'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  maxWorkers: 1,
};

export default config;
