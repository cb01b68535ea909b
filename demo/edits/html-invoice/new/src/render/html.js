/** An invoice as one HTML page. */
import Handlebars from "handlebars";
import { totals } from "../invoice.js";
import { lineNet } from "../line-item.js";
import { formatMoney } from "../money.js";

const page = Handlebars.compile(`<!doctype html>
<title>Invoice {{number}}</title>
<h1>Invoice {{number}}</h1>
<p>To {{customer}}, issued {{issued}}, due {{due}}</p>
<table>
{{#each rows}}
<tr><td>{{description}}</td><td>{{quantity}}</td><td>{{net}}</td></tr>
{{/each}}
<tr><th colspan="2">Total</th><td>{{total}}</td></tr>
</table>
`);

export function renderInvoiceHtml(invoice) {
  const rows = invoice.lines.map((line) => ({ ...line, net: formatMoney(lineNet(line)) }));
  return page({ ...invoice, rows, total: formatMoney(totals(invoice).gross) });
}
