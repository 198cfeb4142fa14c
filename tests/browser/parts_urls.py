"""The product's pages and the page of all parts."""

from config import styleguide, urls

urlpatterns = [*urls.urlpatterns, *styleguide.urlpatterns]
handler404 = urls.handler404
