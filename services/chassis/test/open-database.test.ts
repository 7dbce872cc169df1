// Databases: in memory or in a file, all of a change or nothing of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EnvironmentError } from '../src/environment.ts';
import { inTransaction, openDatabase } from '../src/open-database.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS t (n INTEGER) STRICT';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('openDatabase', () => {
  test('keeps a file in a folder that it makes', () => {
    const dataDir = join(folder, 'new', 'data');
    const first = openDatabase('stock', dataDir, SCHEMA);
    first.exec('INSERT INTO t VALUES (7)');
    first.close();
    const second = openDatabase('stock', dataDir, SCHEMA);
    expect(second.prepare('SELECT n FROM t').all()).toEqual([{ n: 7 }]);
    second.close();
  });

  test('names DATA_DIR when it is not a folder', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(() => openDatabase('stock', path, SCHEMA)).toThrow(EnvironmentError);
    expect(() => openDatabase('stock', path, SCHEMA)).toThrow(`DATA_DIR=${JSON.stringify(path)}`);
  });
});

describe('inTransaction', () => {
  test('undoes everything when the change throws, and can be used again', () => {
    const database = openDatabase('stock', undefined, SCHEMA);
    const change = (): never => {
      database.exec('INSERT INTO t VALUES (1)');
      throw new Error('no');
    };
    expect(() => inTransaction(database, change)).toThrow('no');
    expect(inTransaction(database, () => database.prepare('SELECT count(*) AS n FROM t').get())).toEqual({
      n: 0,
    });
    database.close();
  });
});
