import type { Listed, ListedLine } from './findOptions.ts';

function Line({ line: { name, standing, reasons, open } }: { readonly line: ListedLine }) {
  return (
    <li>
      <strong>{name}</strong>: {standing}
      {reasons.length + open.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          {open.map(({ question, settledBy }) => (
            <li key={`${question} ${settledBy}`} className="option-open">
              {question}. Settled by: {settledBy}.
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Treatment options or trials, in the order of the answer. */
export function OptionsList({ listed: { about, kind, benefits, lines, open } }: { readonly listed: Listed }) {
  return (
    <article className="answer">
      <h2>
        {about}: {kind === 'OPTIONS' ? 'treatment options' : 'trials'}
      </h2>
      {open.length > 0 && (
        <ul className="answer-warnings" aria-label="What is not known">
          {open.map(({ question, settledBy }) => (
            <li key={question}>
              {question}. Settled by: {settledBy}.
            </li>
          ))}
        </ul>
      )}
      {benefits.length > 0 && <h3>What treatment after surgery adds</h3>}
      {benefits.length > 0 && (
        <ul>
          {benefits.map((benefit) => (
            <li key={benefit}>{benefit}</li>
          ))}
        </ul>
      )}
      {lines.length === 0 && <p>None.</p>}
      <ul className="options">
        {lines.map((line) => (
          <Line key={line.name} line={line} />
        ))}
      </ul>
    </article>
  );
}
