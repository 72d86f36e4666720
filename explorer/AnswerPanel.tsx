import { useGraphiQL } from '@graphiql/react';
import { useMemo } from 'react';
import { findAnswers, type PicturedAnswer } from './findAnswers.ts';
import { svgImage } from './svgImage.ts';

function Picture({ svg }: { readonly svg: string }) {
  const { src, alt } = useMemo(() => svgImage(svg), [svg]);
  return <img className="answer-picture" src={src} alt={alt} />;
}

/** How far the answer can be trusted comes before the answer. */
function Answer({ answer }: { readonly answer: PicturedAnswer }) {
  const { about, statement, warnings, svg, narrative, abstainReason } = answer;
  return (
    <article className="answer">
      {about && <h2>{about}</h2>}
      {statement && <h3>How well the model works for people like this one</h3>}
      {statement && <p>{statement}</p>}
      {warnings.length > 0 && (
        <ul className="answer-warnings" aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {abstainReason && <p className="answer-abstained">The model gives no answer: {abstainReason}</p>}
      {svg && <Picture svg={svg} />}
      {narrative && <p>{narrative}</p>}
    </article>
  );
}

/** Under the response: every picture that it holds, and the words that belong to it. */
export function AnswerPanel() {
  const response = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.response ?? '');
  const answers = useMemo(() => findAnswers(response), [response]);
  return (
    <section className="answer-panel" aria-label="The answer in words and pictures">
      {answers.length === 0 && (
        <p>
          {response === '' ? 'Press the pink button to run this example.' : 'This answer holds no picture.'} To see one, open “Why this
          dose” or “Genotype to prescription” and run it.
        </p>
      )}
      {answers.map((answer, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew with each response and never reordered
        <Answer key={`${index} ${answer.about}`} answer={answer} />
      ))}
    </section>
  );
}
