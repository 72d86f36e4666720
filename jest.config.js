/** Tests run the TypeScript as it stands; worker threads come from dist/, which `pretest` builds. */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/support/startsOfRun.js',
  globalTeardown: '<rootDir>/test/support/endOfRun.js',
  // One Neo4j is shared by the files, and each empties it first.
  maxWorkers: process.env.NEO4J_URI ? 1 : 2,
  reporters: ['default', '<rootDir>/test/support/skipReporter.js'],
};
