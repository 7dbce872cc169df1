// Jest for the page in a real browser: needs Chromium, which .ci/browser/run.sh sees to.
import type { Config } from 'jest';
import house from '../../jest.config.ts';

const config: Config = {
  ...house,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};

export default config;
