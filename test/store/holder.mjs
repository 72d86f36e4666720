/** Opens the embedded graph in the folder named on the command line, writes a node, says so and stays. */
import { EmbeddedStore } from '../../dist/store/embedded/embeddedStore.js';
import { statement } from '../../dist/store/graphStore.js';

const store = EmbeddedStore.open(process.argv[2]);
await store.write([statement('test.held', "CREATE (n:Held {value: 'held'})")]);
process.once('SIGTERM', () => store.close().then(() => process.exit(0)));
setInterval(() => undefined, 1000);
console.log('held');
