import { askModels, comparedCount, type ModelAnswer, type Ranked } from './ask-models.ts';
import type { Chosen } from './chosen.ts';
import { ItemView, titleOf } from './item-view.tsx';
import type { OpenModel } from './open-site.ts';
import { useLatest } from './use-latest.ts';

interface AnswersProps {
  readonly models: readonly OpenModel[];
  readonly history: readonly Chosen[];
  /** What was chosen next in truth, if that is known. */
  readonly next: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** What each model recommends after the history, side by side. */
export function Answers({ models, history, next, onChoose }: AnswersProps) {
  const ask = (): Promise<readonly ModelAnswer[]> => askModels(models, history);
  const { value: answers, failure } = useLatest(ask, [models, history], []);
  if (failure !== undefined) return <p role="alert">{failure}</p>;
  return (
    <div class="answers">
      <p role="status" class="unseen">
        {spoken(answers)}
      </p>
      {answers.map((answer, at) => (
        <AnswerView
          key={answer.model}
          id={`answer-${at}`}
          answer={answer}
          first={models[0]!.name}
          next={next}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

/** The best of each, for those who do not see the lists change. */
function spoken(answers: readonly ModelAnswer[]): string {
  const best = answers.flatMap(({ model, items }) =>
    items[0] ? [`${model} recommends ${titleOf(items[0])}`] : [],
  );
  return best.join('; ');
}

interface AnswerProps {
  readonly id: string;
  readonly answer: ModelAnswer;
  readonly first: string;
  readonly next: string | undefined;
  readonly onChoose: (id: string) => void;
}

function AnswerView({ id, answer, first, next, onChoose }: AnswerProps) {
  const { model, source, items } = answer;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{model}</h2>
      <p>{source === 'model' ? 'By score, history left out.' : 'By how often each was chosen.'}</p>
      <ol class="answer">
        {items.map((item) => (
          <li key={item.id}>
            <button type="button" class="choose" onClick={() => onChoose(item.id)}>
              <span class="unseen">Add to the history: </span>
              <ItemView item={item} />
            </button>
            <span class="score">{source === 'model' ? item.score.toFixed(3) : item.score}</span>
            {item.id === next && <strong class="next">was chosen next</strong>}
            {model !== first && <Change item={item} place={items.indexOf(item) + 1} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Where the first model has it. */
function Change({ item: { before }, place }: { readonly item: Ranked; readonly place: number }) {
  if (before === undefined)
    return <span class="up">not among the first {comparedCount} before</span>;
  if (before === place) return <span class="same">same place</span>;
  const isUp = before > place;
  return (
    <span class={isUp ? 'up' : 'down'}>
      <span aria-hidden="true">{isUp ? '▲' : '▼'} </span>
      {isUp ? 'up' : 'down'} {Math.abs(before - place)} from {before}
    </span>
  );
}
