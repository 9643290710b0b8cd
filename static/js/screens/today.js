// The queue refreshes itself; while somebody writes in it, it stays as it is.
document.addEventListener("htmx:beforeRequest", function (event) {
  var queue = document.getElementById("queue");
  var polled = event.detail.elt === queue;
  var writing = queue && queue.querySelector(".reply") && queue.contains(document.activeElement);
  if (polled && (writing || document.hidden)) event.preventDefault();
});
