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
      {about && <h3>{about}</h3>}
      {(statement || warnings.length > 0) && <h4>How well the model works for people like this one</h4>}
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
    <section className={answers.length > 0 ? 'answer-panel' : 'answer-panel answer-panel-empty'} aria-label="The answer in words and pictures" tabIndex={0}>
      <h2>In words and pictures</h2>
      {answers.length === 0 && <p>{response === '' ? 'Press the play button to run this example.' : 'This answer holds no picture.'} “Why this dose” draws one: open its tab and run it.</p>}
      {answers.map((answer, index) => (
        <Answer key={`${index} ${answer.about}`} answer={answer} />
      ))}
    </section>
  );
}
