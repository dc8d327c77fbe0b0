import { fieldNames, labels, type FormFields } from '../form-fields.ts';
import { html, type Html } from '../html.ts';

/** Said above a form whose product somebody else has changed meanwhile: both versions, side by side. */
export function conflictView(mine: FormFields, theirs: FormFields): Html {
  const rows = fieldNames
    .filter((name) => mine[name] !== theirs[name])
    .map((name) => row(name, mine, theirs));
  return html`<div class="problems" role="alert" tabindex="-1" autofocus>
    <h2>Somebody else has changed this product</h2>
    <p>Yours is in the form below: save it to replace theirs, or cancel to keep theirs.</p>
    <table>
      <caption class="hidden">
        What differs
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">Yours</th>
          <th scope="col">Theirs</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function row(name: keyof FormFields, mine: FormFields, theirs: FormFields): Html {
  return html`<tr>
    <th scope="row">${labels[name]}</th>
    <td>${mine[name] || '–'}</td>
    <td>${theirs[name] || '–'}</td>
  </tr>`;
}
