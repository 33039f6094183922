// The table: rows by a word, columns by a click on their heading. Without it the page loses only this.
const body = document.querySelector("table.all tbody");
const search = document.querySelector("input");
search?.addEventListener("input", () => {
  for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(search.value.toLowerCase());
});
document.querySelectorAll("th button").forEach((button) => {
  let descending = false;
  button.addEventListener("click", () => {
    const column = button.closest("th").cellIndex;
    const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => key(a).localeCompare(key(b), "en", { numeric: true });
    const number = (a, b) => Number(key(a)) - Number(key(b));
    const sorted = [...body.rows].sort(column ? number : compare);
    body.append(...(descending ? sorted.reverse() : sorted));
    descending = !descending;
  });
});
