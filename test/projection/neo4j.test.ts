import { describe } from '@jest/globals';
import { holdNeo4j, NEO4J_URI, NOT_RUN } from '../support/neo4j.ts';
import { alertContract } from './alertContract.ts';
import { projectionContract } from './contract.ts';
import { deadLetterContract } from './deadLetterContract.ts';
import { modelChangeContract } from './modelChangeContract.ts';
import { restartContract } from './restartContract.ts';

(NEO4J_URI ? describe : describe.skip)(`on Neo4j${NOT_RUN}`, () => {
  holdNeo4j();
  projectionContract('neo4j');
  restartContract('neo4j');
  alertContract('neo4j');
  deadLetterContract('neo4j');
  modelChangeContract('neo4j');
});
