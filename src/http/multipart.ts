/** Files sent with an operation: https://github.com/jaydenseric/graphql-multipart-request-spec. */
import type { FastifyInstance } from 'fastify';
import { processRequest } from 'graphql-upload-minimal';
import { MAX_FILE_BYTES } from '../patients/commands/genotypeFile.ts';
import { refusePrototypes } from './prototypeKeys.ts';

const MEDIA_TYPE = 'multipart/form-data';
const LIMITS = { maxFiles: 1, maxFileSize: MAX_FILE_BYTES };

/** @param maxFieldSize bytes of the operation itself */
export function takeFiles(app: FastifyInstance, maxFieldSize: number): void {
  app.addContentTypeParser(MEDIA_TYPE, (_request, _body, done) => done(null));
  app.addHook('preValidation', async (request, reply) => {
    if (!request.headers['content-type']?.startsWith(MEDIA_TYPE)) return;
    // Whoever answers before the file was read lets the rest of it pass by: nothing of it gathers here.
    reply.raw.once('finish', () => {
      request.raw.unpipe();
      request.raw.resume();
    });
    const operations: unknown = await processRequest(request.raw, reply.raw, { ...LIMITS, maxFieldSize }).catch(
      (error: Error & { status?: number }) => {
        // A form without any part that it knows is an error of the server's to the library.
        throw Object.assign(error, { statusCode: error.status && error.status < 500 ? error.status : 400 });
      },
    );
    refusePrototypes(operations);
    request.body = operations;
  });
}
