"""Sentences that sound like a removal and are none: one wrong "removed" ends a chase too early."""

import pytest

from notices.reading.automatic import Automatic
from notices.reading.kinds import decide
from notices.reading.parsed import Parsed

NOT_GONE = """
en|We have removed your access to the portal.
en|We have removed your account because it was unused.
en|The content has not been removed.
en|The content hasn't been removed yet.
en|The content will be removed if it breaks our rules.
en|If the content has been removed, you need do nothing.
en|Once the content has been removed we will write to you.
en|As soon as the post has been deleted you will be told.
en|Please confirm that the content has been removed.
en|Has the content been removed?
en|You say that the content has been removed.
en|You asked whether the images were deleted.
en|We would have removed the content if you had sent a link.
en|Content that breaks our rules is removed.
en|Our policy says: "Content that was reported has been removed".
en|We have removed the warning from the content.
en|We have removed the attachment from your message.
en|We removed the restriction on the content.
en|We have removed the content filter from your account.
en|The report about the content has been removed from the queue.
en|The ticket has been deleted. It has been removed.
en|We have removed the post by mistake and it is back now.
en|The content was removed but has been restored.
en|We removed the post, but not the photos.
en|We have not removed the content.
en|None of the content has been removed.
en|We could not find that the content has been removed.
en|We believe the content has been removed by the user.
en|It appears that the content has been removed.
en|In the past similar content has been removed.
en|The content should have been removed by now.
en|The content may have been removed.
en|We have removed the link to the survey from this e-mail, please ignore it.
en|We have removed duplicate reports of this content.
en|We have removed you from our mailing list.
en|Unless the material has been removed within 10 days, we will tell you.
en|We removed some spam comments last year.
en|The moderator who removed the content has left us.
en|We have removed your post for breaking the rules.
en|Let us know when the content has been removed.
en|We are happy to confirm that your report has been received and the content will be removed.
en|We have removed the content from your feed.
en|The content can be removed by the uploader.
en|The page was removed from the navigation of our help center.
en|Critics said that the content has been removed.
en|Our newsletter explains that the post was removed.
en|The posts that do not break our rules were removed.
de|Wir haben die Inhalte keineswegs gelöscht.
nl|Wij hebben de foto's geenszins verwijderd.
fr|Le contenu n'a pas été supprimé.
fr|Le contenu sera supprimé s'il enfreint nos règles.
fr|Si le contenu a été supprimé, vous n'avez rien à faire.
fr|Une fois que la publication a été retirée, nous vous écrirons.
fr|Veuillez confirmer que le contenu a été supprimé.
fr|Vous indiquez que le contenu a été supprimé.
fr|Nous avons supprimé votre compte de test.
fr|Nous avons supprimé la pièce jointe de votre message.
fr|Nous avons supprimé l'avertissement sur le contenu.
fr|Le contenu a été supprimé par erreur puis rétabli.
fr|Le contenu pourrait avoir été supprimé.
fr|Aucun contenu n'a été supprimé.
nl|Het bericht is niet verwijderd.
nl|Het bericht wordt verwijderd als het onze regels overtreedt.
nl|Als de foto's zijn verwijderd, hoeft u niets te doen.
nl|Zodra het bericht is verwijderd, laten wij het weten.
nl|U schrijft dat het bericht is verwijderd.
nl|Wij hebben uw account verwijderd.
nl|Wij hebben het bericht nog niet verwijderd.
nl|Wij hebben de bijlage bij uw bericht verwijderd.
nl|Het bericht is per ongeluk verwijderd en teruggezet.
nl|Berichten die de regels overtreden worden verwijderd.
it|Il contenuto non è stato rimosso.
it|Il contenuto sarà rimosso se viola le regole.
it|Se il contenuto è stato rimosso, non dovete fare nulla.
it|Una volta che il post è stato rimosso vi scriveremo.
it|Voi dite che il contenuto è stato rimosso.
it|Abbiamo rimosso il suo account di prova.
it|Abbiamo rimosso l'allegato dal messaggio.
it|Il contenuto è stato rimosso per errore e ripristinato.
it|Non abbiamo rimosso il contenuto.
it|I contenuti che violano le regole vengono rimossi.
de|Der Inhalt wurde nicht entfernt.
de|Der Inhalt wird entfernt, falls er gegen die Regeln verstößt.
de|Falls der Beitrag gelöscht wurde, müssen Sie nichts tun.
de|Sobald der Beitrag gelöscht wurde, melden wir uns.
de|Sie schreiben, dass der Inhalt gelöscht wurde.
de|Wir haben Ihr Konto gelöscht.
de|Wir haben den Inhalt noch nicht gelöscht.
de|Wir haben den Anhang Ihrer Nachricht entfernt.
de|Wir haben geprüft, ob die Bilder gelöscht wurden.
de|Der Beitrag wurde versehentlich gelöscht und wiederhergestellt.
de|Inhalte, die gegen die Regeln verstoßen, werden entfernt.
es|El contenido no ha sido eliminado.
es|El contenido será eliminado si infringe las normas.
es|Si el contenido ha sido eliminado, no tiene que hacer nada.
es|Cuando la publicación haya sido eliminada le escribiremos.
es|Usted dice que el contenido ha sido eliminado.
es|Hemos eliminado su cuenta de prueba.
es|Hemos eliminado el archivo adjunto de su mensaje.
es|El contenido fue eliminado por error y restablecido.
es|No hemos eliminado el contenido.
es|Los contenidos que infringen las normas se eliminan.
"""
GONE = """
en|We have removed the content.|removed
en|We've taken down the post you reported.|removed
en|The images have been deleted from our servers.|removed
en|Thanks for your report. The three photos were removed today.|removed
en|The video has been removed in Germany.|removed_geo
en|The content is no longer available in your country.|removed_geo
en|We have removed these pages from our search results.|delisted
en|We removed two of the four images.|partially_removed
en|The post was already deleted by its author.|already_gone
en|Content removed.|removed
fr|Nous avons retiré la vidéo.|removed
fr|Les photos ont été supprimées.|removed
fr|La vidéo a été retirée en France.|removed_geo
nl|Wij hebben de foto's verwijderd.|removed
nl|De berichten zijn inmiddels offline gehaald.|removed
nl|De video is in België niet meer beschikbaar.|removed_geo
it|Abbiamo eliminato le foto.|removed
it|I video sono stati rimossi.|removed
it|Il video non è più disponibile in Italia.|removed_geo
de|Wir haben die Bilder gelöscht.|removed
de|Die Beiträge wurden heute entfernt.|removed
de|Das Video ist in Deutschland nicht mehr abrufbar.|removed_geo
es|Hemos retirado los vídeos.|removed
es|Las fotos han sido eliminadas.|removed
es|El vídeo ya no está disponible en España.|removed_geo
"""
LESS = {"removed_geo", "delisted", "partially_removed", "visibility_restricted"}


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip().split("\n")]


def read_in(text: str):
    return decide(Parsed(from_address="desk@x.example"), text, Automatic("", True), None)


@pytest.mark.parametrize(("language", "text"), rows(NOT_GONE))
def test_it_is_no_removal(language, text):
    kind = read_in(text)
    assert kind.kind != "says_removed", kind


@pytest.mark.parametrize(("language", "text", "answer"), rows(GONE))
def test_it_is_one_and_which(language, text, answer):
    assert read_in(text).answer == answer


@pytest.mark.parametrize(
    "text",
    [
        "We have removed the post.\n\nThe other links do not violate our rules.",
        "The images were deleted. Please send us a copy of her passport.",
        "We have removed the post. It remains available in other places.",
        "Nous avons supprimé les photos. La vidéo n'a pas été supprimée.",
    ],
)
def test_a_mail_that_says_both_is_not_read_as_removed(text):
    kind = read_in(text)
    assert kind.answer not in {"removed", "already_gone"}


def test_a_mail_longer_than_what_is_read_of_it_never_says_removed():
    assert read_in("We have removed the content.\n\n" + "And so on. " * 2000).kind == "other"


def test_what_stands_in_quotes_is_somebody_elses_sentence():
    assert read_in("Our notice said “The content has been removed”.").kind != "says_removed"
