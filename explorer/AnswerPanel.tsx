import { useGraphiQL } from '@graphiql/react';
import { useMemo, useRef } from 'react';
import { type AdviceLine, findAdvice } from './findAdvice.ts';
import { findAnswers, type PicturedAnswer } from './findAnswers.ts';
import { findOptions } from './findOptions.ts';
import { OptionsList } from './OptionsList.tsx';
import { svgImage } from './svgImage.ts';

function Picture({ svg }: { readonly svg: string }) {
  const { src, alt } = useMemo(() => svgImage(svg), [svg]);
  return <img className="answer-picture" src={src} alt={alt} />;
}

/** How far the answer can be trusted comes before the answer. */
function Answer({ answer }: { readonly answer: PicturedAnswer }) {
  const { about, statement, warnings, svg, narrative, otherwise, abstainReason } = answer;
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
      {otherwise && <h3>What would have to be otherwise</h3>}
      {otherwise && <p>{otherwise}</p>}
    </article>
  );
}

/** What holds now; what the medications have overtaken comes after it, in grey. */
function Advice({ lines }: { readonly lines: readonly AdviceLine[] }) {
  const about = [...new Set(lines.flatMap((line) => line.about ?? []))].join(', ');
  return (
    <article className="answer">
      <h2>{about === '' ? 'What the guidelines advise' : `${about}: what the guidelines advise`}</h2>
      <ul className="advice">
        {[...lines]
          .sort((a, b) => Number(b.applies) - Number(a.applies))
          .map(({ drug, population, action, text, basis, applies, modulators }) => (
            <li key={[drug, population, action, text, basis].join('|')} className={applies ? '' : 'advice-overtaken'}>
              <strong>
                {drug}: {action}
              </strong>
              {population && population !== 'general' && ` (${population})`}
              {modulators.length > 0 && ` with ${modulators.join(', ')}`}
              {!applies && (basis === 'GENOTYPE' ? ', by the genotype alone: overtaken' : ': not relied on')}
              {text && `. ${text}`}
            </li>
          ))}
      </ul>
    </article>
  );
}

/** What an answer without a picture calls for. */
function hint(response: string, isStream: boolean): string {
  if (response === '') return 'Press the pink button to run this example.';
  if (isStream) return 'Listening: a picture comes with the next change of risk that this tab asks for.';
  return 'This answer holds no picture. To see one, open “Why this dose” or “Genotype to prescription” and run it.';
}

/** The pictures of a response; of a stream the last there were, which an event without one does not take away. */
function usePictures(response: string, query: string, isStream: boolean): ReturnType<typeof findAnswers> {
  const last = useRef<{ readonly query: string; readonly answers: ReturnType<typeof findAnswers> }>({ query, answers: [] });
  const answers = useMemo(() => findAnswers(response), [response]);
  if (answers.length > 0) last.current = { query, answers };
  return answers.length === 0 && isStream && last.current.query === query ? last.current.answers : answers;
}

/** Under the response: the advice and every picture that it holds, and the words that belong to them. */
export function AnswerPanel() {
  const response = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.response ?? '');
  const query = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.query ?? '');
  const isStream = /^\s*subscription\b/m.test(query);
  const answers = usePictures(response, query, isStream);
  const advice = useMemo(() => findAdvice(response), [response]);
  const listed = useMemo(() => findOptions(response), [response]);
  return (
    <section className="answer-panel" aria-label="The answer in words and pictures">
      {answers.length + advice.length + listed.length === 0 && <p>{hint(response, isStream)}</p>}
      {advice.length > 0 && <Advice lines={advice} />}
      {listed.map((one) => (
        <OptionsList key={`${one.kind} ${one.about}`} listed={one} />
      ))}
      {answers.map((answer, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew with each response and never reordered
        <Answer key={`${index} ${answer.about}`} answer={answer} />
      ))}
    </section>
  );
}
