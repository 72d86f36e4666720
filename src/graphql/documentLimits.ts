/** Limits of a document that are counted, not weighed: what repeats itself costs a server more than it costs the sender. */
import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export const MOST = { aliases: 30, directives: 50, rootFields: 30 } as const;

function tooMany(what: string, count: number, most: number): GraphQLError {
  return new GraphQLError(`The document has ${count} ${what}, at most ${most} are taken.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}

/** Counts over the whole document; a fragment counts once, however often it is used: its use is weighed by its cost. */
export const countedLimits: ValidationRule = (context: ValidationContext): ASTVisitor => {
  let [aliases, directives, rootFields] = [0, 0, 0];
  return {
    [Kind.FIELD]: ({ alias }: FieldNode) => {
      if (alias) aliases += 1;
    },
    [Kind.DIRECTIVE]: () => {
      directives += 1;
    },
    [Kind.OPERATION_DEFINITION]: ({ selectionSet }: OperationDefinitionNode) => {
      rootFields = Math.max(rootFields, selectionSet.selections.filter(({ kind }) => kind === Kind.FIELD).length);
    },
    [Kind.DOCUMENT]: {
      leave: () => {
        if (aliases > MOST.aliases) context.reportError(tooMany('aliases', aliases, MOST.aliases));
        if (directives > MOST.directives) context.reportError(tooMany('directives', directives, MOST.directives));
        if (rootFields > MOST.rootFields) context.reportError(tooMany('root fields', rootFields, MOST.rootFields));
      },
    },
  };
};
