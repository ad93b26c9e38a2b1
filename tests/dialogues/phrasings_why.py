"""Why, in the words of people: by what it is about. None of these is among the examples."""

DECISION = {
    "en": """
        why can't it be cancelled?
        why was that refused then
        what is the reason you refused
        why did you turn that down
        why do you refuse to cancel it
        on which grounds did you refuse this
        which rule says that
        based on what rule did you decide this
        how was this decision made
        what was that decision based on
        what counted for the decision
        what would have made the decision different
        why has my cancellation been rejected
        I don't get why that's not allowed
        can you explain the refusal
        please explain why it is not possible
        why won't you cancel it
        why is it too late for that
        who decided this and on what basis
        I want to know the reason for the refusal
        what's the reason I can't cancel
        why am I being refused
        how was it decided that it couldn't be cancelled
        why is my request turned down
        why am I not allowed to cancel
        """,
    "nl": """
        waarom kan het niet geannuleerd worden?
        waarom is dat dan geweigerd
        om welke reden weigeren jullie dat
        waarom wijzen jullie dat af
        waarom weiger je te annuleren
        op welke gronden is dat geweigerd
        welke regel zegt dat
        op basis van welke regel is dit besloten
        hoe is die beslissing genomen
        waar is die beslissing op gebaseerd
        wat telde mee voor de beslissing
        wat had de beslissing anders kunnen maken
        waarom is mijn annulering afgewezen
        ik snap niet waarom dat niet mag
        kun je de weigering uitleggen
        leg eens uit waarom het niet mogelijk is
        waarom willen jullie hem niet annuleren
        waarom is het daar te laat voor
        wie heeft dit besloten en op grond waarvan
        ik wil de reden van de weigering weten
        wat is de reden dat ik niet kan annuleren
        waarom word ik geweigerd
        waarom is mijn verzoek afgewezen
        waarom mag ik mijn bestelling niet annuleren
        waarom is annuleren niet toegestaan
        """,
}
EARLIER = {
    "en": """
        why was my cancellation refused earlier
        a moment ago you refused to cancel it, why
        why did you refuse the cancellation just now
        back to the cancellation, why was it refused
        what was the rule for that cancellation again
        which rule did you use to refuse the cancellation
        why was cancelling not allowed
        can you explain again why the cancellation was refused
        what counted when you refused to cancel my order
        why couldn't it be cancelled, what was the decision based on
        you said no to the cancellation before, why
        why did you decide not to cancel my order
        why was cancelling denied
        so why was the cancellation rejected
        what would have changed your decision to refuse
        earlier you declined to cancel, for what reason
        the refusal from before, what was the reason for it
        why wasn't I allowed to cancel
        on what grounds was my cancellation denied before
        explain the earlier decision please
        I'd still like to know why you refused
        why did you reject cancelling earlier
        why did the cancellation get refused back then
        earlier you refused, why was that
        """,
    "nl": """
        waarom werd mijn annulering daarnet geweigerd
        net weigerde je te annuleren, waarom
        waarom weigerde je die annulering zojuist
        nog even over de annulering, waarom is die geweigerd
        wat was ook alweer de regel voor die annulering
        welke regel gebruikte je om de annulering te weigeren
        waarom mocht ik niet annuleren
        kun je nog eens uitleggen waarom de annulering is geweigerd
        wat telde mee toen je weigerde te annuleren
        waarom kon hij niet geannuleerd worden, waar was die beslissing op gebaseerd
        je zei nee op de annulering, waarom
        waarom besloot je mijn bestelling niet te annuleren
        waarom is het annuleren geweigerd
        maar waarom is de annulering afgewezen
        wat had je beslissing om te weigeren veranderd
        eerder weigerde je te annuleren, om welke reden
        die weigering van net, wat was daar de reden van
        waarom was het niet toegestaan om te annuleren
        op grond waarvan werd mijn annulering eerder geweigerd
        leg die eerdere beslissing eens uit
        ik wil nog steeds weten waarom je weigerde
        waarom weigerde je dat eerder
        waarom mocht annuleren eerder niet
        waarom is dat eerder geweigerd
        """,
}
QUESTION = {
    "en": """
        why do you want my postcode?
        why must I give my postcode
        what do you need that for exactly
        what's the postcode for
        why would you need my email
        what is the use of my postal code
        how come you want that
        why should I tell you my address
        is it really needed that I give my postcode
        what are you going to do with my postcode
        why do you have to know that
        what do you use it for
        for what purpose do you need that
        why this question
        why are you asking for this
        is that necessary
        what does my postcode have to do with it
        why isn't the order number enough
        why do I have to prove it's mine
        why can't you look it up without that
        do I really have to give you this
        """,
    "nl": """
        waarom wil je mijn postcode hebben?
        waarom moet ik mijn postcode geven
        waar heb je dat precies voor nodig
        waar is die postcode voor
        waarom zou je mijn e-mail nodig hebben
        wat is het nut van mijn postcode
        hoezo wil je dat weten
        waarom zou ik jou mijn adres vertellen
        is het echt nodig dat ik mijn postcode geef
        wat ga je met mijn postcode doen
        waarom moet je dat weten dan
        waar gebruik je dat voor
        voor welk doel is dat nodig
        vanwaar deze vraag
        waarom vraag je hierom
        is dat nou nodig
        wat heeft mijn postcode hiermee te maken
        waarom is het bestelnummer niet genoeg
        waarom moet ik bewijzen dat hij van mij is
        waarom kun je het niet zonder opzoeken
        moet ik dit echt geven
        """,
}
READING = {
    "en": """
        what did you understand?
        what did you understand from my message
        how did you understand that
        why did you think I wanted delivery costs
        why do you think that
        what made you think that I asked that
        how did you get that idea
        where did you get that from
        why do you say that
        why did you answer that
        why are you telling me this
        why are you talking about delivery
        how did you read my message
        which words made you think that
        what did you think I meant
        how did you come to that
        that's not what I meant, why did you think so
        what do you think I asked
        explain how you read that
        on what do you base that answer
        why this answer to my question
        why did you say that about delivery
        why did I get this answer
        why do you respond like that
        why did you bring up delivery
        how come you answered that
        what makes you think I asked about that
        what led you to that answer
        why do you start about delivery costs
        why would you tell me that
        what gave you the idea that I asked about delivery
        why have you given me this answer
        """,
    "nl": """
        wat heb je begrepen?
        wat heb je uit mijn bericht begrepen
        hoe heb je dat begrepen
        waarom dacht je dat ik bezorgkosten wilde weten
        waarom denk je dat
        waardoor dacht je dat ik dat vroeg
        hoe kom je op dat idee
        waar haal je dat vandaan
        waarom zeg je dat
        waarom antwoordde je dat
        waarom vertel je me dit nu
        waarom heb je het over bezorging
        hoe heb je mijn bericht gelezen
        door welke woorden dacht je dat
        wat dacht je dat ik bedoelde
        hoe kom je daarbij
        dat bedoelde ik niet, waarom dacht je dat
        wat denk je dat ik vroeg
        leg uit hoe je dat las
        waar baseer je dat antwoord op
        vanwaar dit antwoord op mijn vraag
        waarom zei je dat over bezorgen
        waarom reageer je zo
        waarom kreeg ik dit antwoord
        hoe kwam je bij dat antwoord
        waarom gaf je mij deze informatie
        waarom begin je over bezorgkosten
        waarom begin je daar nu over
        wat bedoelde je met dat antwoord
        hoe kom je erbij dat ik dat wil weten
        waarom denk je dat ik daarnaar vroeg
        waarom geef je antwoord op iets anders
        """,
}
PERSON = {
    "en": """
        why do I get a person?
        why a person
        why does a human have to answer this
        why are you passing me on
        why are you handing me over
        why do I need a colleague for this
        why can't you do it yourself
        why is a colleague going to answer
        why don't you answer it yourself
        why a human and not you
        why are you sending me to a colleague
        why does somebody else have to look at it
        why am I being transferred
        why do you pass me on to a person
        why should I talk to a human
        what do I need an employee for
        why is an employee needed
        why must a person decide that
        for what reason do you hand me over
        why do you want to transfer me
        why did you pass me on
        why does a person get this
        why do I have to deal with a person for this
        why is this passed on to a human
        why is it going to a colleague
        why does your colleague have to do this
        """,
    "nl": """
        waarom krijg ik een mens?
        waarom een mens
        waarom moet een mens dit beantwoorden
        waarom geef je mij door aan iemand anders
        waarom draag je me over
        waarom heb ik hier een collega voor nodig
        waarom doe je het zelf niet
        waarom gaat een collega antwoorden
        waarom antwoord je niet zelf
        waarom een mens en niet jij
        waarom stuur je me door naar een collega
        waarom moet iemand anders ernaar kijken
        waarom word ik doorgestuurd
        waarom verwijs je me naar een mens
        waarom zou ik met een mens moeten praten
        waar heb ik een medewerker voor nodig
        waarom is er een medewerker nodig
        waarom moet een mens dat beslissen
        om welke reden stuur je me door
        waarom wil je me doorsturen
        waarom heb je me doorgestuurd
        waarom gaat dit naar een mens
        waarom gaat dit naar een collega
        waarom moet een collega dit doen
        waarom handel je het zelf niet af
        """,
}
WAITING = {
    "en": """
        why am I waiting?
        why do I have to wait
        why is it taking so long
        what is taking so long
        why does it take this long
        why is nobody answering me
        why is there no one here
        why isn't there anybody available
        why am I still waiting
        why do I wait for an answer
        why can't anyone help me now
        why hasn't a colleague joined yet
        why is no colleague joining
        why the long wait
        what am I waiting for here
        how come I have to wait so long
        why doesn't anyone reply
        why is everyone taking so long
        why do you keep me waiting
        why is nobody there
        why is no one helping me
        """,
    "nl": """
        waarom wacht ik?
        waarom moet ik wachten
        waarom duurt het zo lang
        wat duurt er zo lang
        waarom duurt dat zo lang allemaal
        waarom antwoordt er niemand
        waarom is er hier niemand
        waarom is er niemand beschikbaar
        waarom wacht ik nog steeds
        waarom moet ik op antwoord wachten
        waarom kan niemand me nu helpen
        waarom is er nog geen collega bij
        waarom komt er geen collega in de chat
        vanwaar dat lange wachten
        waar wacht ik hier op
        hoe komt het dat ik zo lang moet wachten
        waarom reageert er niemand op mij
        waarom duurt alles zo lang
        waarom laten jullie me wachten
        waarom is er niemand
        waarom helpt niemand mij
        """,
}
