// Jest for the whole house: sources as they are, compiled by swc, no special environment.
import type { Config } from 'jest';

const esmOnly = [
  'jose',
  'commander',
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'get-east-asian-width',
  'emoji-regex',
];

const config: Config = {
  testEnvironment: 'node',
  maxWorkers: 2,
  testTimeout: 60_000,
  testEnvironmentOptions: { customExportConditions: ['longpole-source', 'node', 'node-addons'] },
  roots: ['<rootDir>/middleware', '<rootDir>/observatory', '<rootDir>/services', '<rootDir>/test'],
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/test/engines/', '/test/browser/'],
  modulePathIgnorePatterns: ['/dist/', '/test/consumers/'],
  transform: {
    '\\.[jt]sx?$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2024' },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
};

export default config;
