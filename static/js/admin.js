// The field with which Django chooses one of many bears the name of its label, once Django has made it.
window.django?.jQuery?.(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const name = document.querySelector(`label[for="${select.id}"]`).textContent.trim();
    for (const part of select.nextElementSibling.querySelectorAll("[role]")) {
      part.setAttribute("aria-label", name);
    }
  }
});
